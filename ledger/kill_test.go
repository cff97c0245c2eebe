package ledger_test

func postForEver(string) {}
