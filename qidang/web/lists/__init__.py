"""列表: the machinery that all list pages share: columns, saved views, density, paging, export."""
