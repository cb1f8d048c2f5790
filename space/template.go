package space

// template is a text form with holes for the labels.
type template struct{ literals []string }
