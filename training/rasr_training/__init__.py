"""Training, export and benchmark of the embedded RASR model bundles."""
