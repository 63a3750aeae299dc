"""登录: signing in and out, one's own profile, password and language."""
