// Package bankfile reads the statements that a bank sends.
package bankfile
