"""操作日志, what was done, by whom, to what."""
