"""The CDC's receiver: stores what stations send, once, and answers with receipts."""
