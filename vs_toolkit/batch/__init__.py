"""The batch: which jobs, in which kernels, what is done and what is left."""
