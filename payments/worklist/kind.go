package worklist

// The codes that more than one package names.
const (
	BenefitMissing = "BENEFIT_MISSING" // an expected benefit did not come
)
