package registry

import (
	"github.com/pinvet/pinvet/rules/contracts"
	"github.com/pinvet/pinvet/rules/handles"
	"github.com/pinvet/pinvet/rules/imports"
	"github.com/pinvet/pinvet/rules/kernel"
	"github.com/pinvet/pinvet/rules/overlappedc"
	"github.com/pinvet/pinvet/rules/overlappedcs"
	"github.com/pinvet/pinvet/rules/pins"
	"github.com/pinvet/pinvet/rules/suppressions"
	"github.com/pinvet/pinvet/rules/transition"
)

// families lists the folders below rules/, in the order of their codes.
var families = []family{
	{"suppressions", suppressions.Family},
	{"overlappedcs", overlappedcs.Family},
	{"overlappedc", overlappedc.Family},
	{"pins", pins.Family},
	{"handles", handles.Family},
	{"imports", imports.Family},
	{"transition", transition.Family},
	{"contracts", contracts.Family},
	{"kernel", kernel.Family},
}
