"""收集的页面: upload, batches, review, ledger sheets and watched folders."""
