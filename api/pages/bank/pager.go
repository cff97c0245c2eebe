package bank

import (
	"fmt"
	"strconv"

	"masp/api/pages"
)

// pageOf is the number of the page that is read, from 1.
func pageOf(v *pages.Visit) int {
	n, err := strconv.Atoi(v.Query("page"))
	if err != nil || n < 1 || v.Query("suite") == "" {
		return 1
	}
	return n
}

// nextPage is the address of the page behind this one, with all that was asked; empty at the end.
func nextPage(v *pages.Visit, cursor string, page int) string {
	if cursor == "" {
		return ""
	}
	q := v.URL.Query()
	q.Set("suite", cursor)
	q.Set("page", strconv.Itoa(page+1))
	return v.URL.Path + "?" + q.Encode()
}

// numbered is the title of a page of a list.
func numbered(title string, page int) string {
	if page == 1 {
		return title
	}
	return fmt.Sprintf("%s, page %d", title, page)
}
