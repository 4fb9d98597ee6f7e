// Stub so that the package resolves while the layers are being built.
