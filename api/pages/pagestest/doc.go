// Package pagestest is a reader of pages, for tests: a browser without a screen that keeps cookies,
// follows where it is sent, fills forms and presses buttons, on the whole service with the invented
// organisation of v1test. Every page that it reads is held against the rules of all pages (lint.go).
package pagestest
