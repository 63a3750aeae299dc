"""阅览: the pages of a paper on the screen, with hits and evidence marked."""
