"""导入项目的页面: the project, its matches and gaps, its differences, its samples."""
