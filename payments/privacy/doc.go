// Package privacy is data protection.
package privacy
