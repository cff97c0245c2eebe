package mandates_test

import (
	"testing"

	"masp/migrations/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }
