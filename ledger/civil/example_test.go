package civil_test

import (
	"fmt"

	"masp/ledger/civil"
)

func ExampleDate_French() {
	fmt.Println(civil.MustParse("2026-11-05").French())
	fmt.Println(civil.MustParse("2026-11-01").French())
	// Output:
	// 5 novembre 2026
	// 1er novembre 2026
}

func ExampleMonth_Day() {
	m, _ := civil.ParseMonth("2026-01")
	for range 3 {
		fmt.Println(m.Day(31))
		m = m.Add(1)
	}
	// Output:
	// 2026-01-31
	// 2026-02-28
	// 2026-03-31
}

func ExampleNextTARGET() {
	goodFriday := civil.MustParse("2026-04-03")
	fmt.Println(civil.NextTARGET(goodFriday).French())
	// Output: 7 avril 2026
}
