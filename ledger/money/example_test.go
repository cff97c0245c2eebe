package money_test

import (
	"errors"
	"fmt"

	"masp/ledger/money"
)

func ExampleParse() {
	rent, err := money.Parse("412.00")
	fmt.Println(rent, err)
	_, err = money.Parse("1e9999999")
	fmt.Println(err)
	// Output:
	// 412.00 <nil>
	// parse amount of 9 bytes: an exponent
}

func ExampleParseInput() {
	typed, _ := money.ParseInput("1 234,5")
	fmt.Println(typed)
	_, err := money.ParseInput("1.234,50")
	var refused *money.SyntaxError
	if errors.As(err, &refused) {
		fmt.Println(refused.French())
	}
	// Output:
	// 1234.50
	// Écrivez 1234,50
}

func ExampleAmount_French() {
	fmt.Printf("%+q\n", money.Cents(123450).French())
	// Output: "1\u202f234,50\u00a0\u20ac"
}

func ExampleAmount_Split() {
	// 100,00 € on three debts of 300,00 €, 200,00 € and 100,00 €.
	parts, err := money.MustParse("100.00").Split([]int64{30000, 20000, 10000})
	fmt.Println(parts, err)
	// Output: [50.00 33.33 16.67] <nil>
}

func ExampleAmount_SplitEven() {
	fmt.Println(money.MustParse("272.22").SplitEven(4))
	// Output: [68.06 68.06 68.05 68.05]
}

func ExampleExact_Amount() {
	for _, text := range []string{"12.500", "1.005"} {
		e, _ := money.ParseExact(text)
		fmt.Println(e.Amount())
	}
	// Output:
	// 12.50 <nil>
	// 0.00 fraction of a cent
}
