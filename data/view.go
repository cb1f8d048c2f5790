package data

import "slices"

// View is some of the images of a Set, in some order. It is a small value that shares the Set's memory; the zero View is
// empty.
type View struct {
	set   *Set
	index []int32
}

// Len returns the number of images.
func (v View) Len() int { return len(v.index) }

// Shape returns the size of every image; the zero View has the zero Shape.
func (v View) Shape() Shape {
	if v.set == nil {
		return Shape{}
	}
	return v.set.shape
}

// Classes returns the names of the classes, in the order of their labels. The slice is the caller's own.
func (v View) Classes() []string {
	if v.set == nil {
		return nil
	}
	return v.set.Classes()
}

// Image returns the pixels of image i of the view, H*W*C bytes, which must not be written to.
func (v View) Image(i int) []uint8 { return v.set.Image(int(v.index[i])) }

// Label returns the class of image i of the view.
func (v View) Label(i int) int { return v.set.Label(int(v.index[i])) }

// Index returns the position in the Set of image i of the view. It is the same whatever the splits and limits are.
func (v View) Index(i int) int { return int(v.index[i]) }

// Counts returns how many images each class has, by label.
func (v View) Counts() []int {
	if v.set == nil {
		return nil
	}
	counts := make([]int, len(v.set.classes))
	for i := range v.index {
		counts[v.Label(i)]++
	}
	return counts
}

// byClass returns the Set positions of the view's images, one ascending list a class.
func (v View) byClass() [][]int32 {
	lists := make([][]int32, len(v.Classes()))
	for i, position := range v.index {
		label := v.Label(i)
		lists[label] = append(lists[label], position)
	}
	for _, list := range lists {
		slices.Sort(list)
	}
	return lists
}
