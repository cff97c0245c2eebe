package payments

// InPieces has the runs of a service composed so many mandates at a time.
func (s *Service) InPieces(of int) { s.atOnce = of }
