"""审批的页: what waits for me, one request with its flow, and the routes."""
