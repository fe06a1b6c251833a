package domain

// PathLink is a link that has more than the title of a note in it, as [[Folder/Note]]: it leads to the note with that
// title unless another has all of it for its title. Both are keys.
type PathLink struct {
	Title string // of the last part
	Whole string
}

// titleKeys returns the keys of the titles that the links lead to, each once.
func (o Outline) titleKeys() []string {
	var keys []string
	seen, written := map[string]bool{"": true}, map[string]bool{}
	for _, link := range o.Links {
		if written[link.Title] {
			continue
		}
		written[link.Title] = true
		if key := TitleKey(link.Title); !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}

// PathLinks returns the links that may lead to what their last part says, each whole once.
func (o Outline) PathLinks() []PathLink {
	var paths []PathLink
	seen, written := map[string]bool{}, map[string]bool{"": true}
	for _, link := range o.Links {
		if written[link.Title] {
			continue
		}
		written[link.Title] = true
		path := PathLink{TitleKey(link.Path()), TitleKey(link.Title)}
		if path.Title != "" && path.Title != path.Whole && !seen[path.Whole] {
			seen[path.Whole] = true
			paths = append(paths, path)
		}
	}
	return paths
}

// FileNames returns the keys of the names of files that the links may lead to or show.
func (o Outline) FileNames() (keys []string) {
	for _, link := range o.Links {
		if name := link.FileName(); name != "" {
			keys = append(keys, TitleKey(name))
		}
	}
	return keys
}

// Aliases returns the other titles that lead to the note: those of its front matter.
func (n Note) Aliases() []string {
	var aliases []string
	for _, alias := range NewFrontMatter(n.Content).Aliases {
		if TitleKey(alias) != TitleKey(n.Title) {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}

// TitleKeys returns the keys of the titles that lead to the note, unless another note comes first: its own, then its aliases'.
func (n Note) TitleKeys() []string {
	keys := []string{TitleKey(n.Title)}
	for _, alias := range n.Aliases() {
		keys = append(keys, TitleKey(alias))
	}
	return keys
}
