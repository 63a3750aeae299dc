"""契档 Qidang: a self-hosted archive for sales contracts."""
