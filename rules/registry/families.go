package registry

// families lists the folders below rules/, in the order of their codes.
var families = []family{}
