package main

import "strconv"

// Nil: it is dropped.
func judge(transaction []byte) []byte {
	amount := number(transaction, amountKey)
	value, err := strconv.ParseFloat(string(amount), 64)
	require(err)
	if value <= 500 {
		return nil
	}
	out := make([]byte, 0, 112)
	out = append(out, `{"transaction_id":`...)
	out = append(out, number(transaction, idKey)...)
	out = append(out, `,"amount":`...)
	out = append(out, amount...)
	if value > 950 {
		out = append(out, `,"verdict":"BLOCK","timestamp":`...)
	} else if value > 900 {
		out = append(out, `,"verdict":"REVIEW","timestamp":`...)
	} else {
		out = append(out, `,"verdict":"APPROVE","timestamp":`...)
	}
	out = append(out, number(transaction, timestampKey)...)
	return append(out, '}')
}
