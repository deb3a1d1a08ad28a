# The receipt, as people read it.

receipt-title = Receipt of { $name }
receipt-file = File: { $name }, { $count ->
    [one] { $count } row
   *[other] { $count } rows
}, SHA-256 { $sha256 }
receipt-total = Total
receipt-closed = Closed on { $when }: every row is in its place
receipt-open = { $count ->
    [one] Open: { $count } row is still on its way
   *[other] Open: { $count } rows are still on their way
}
receipt-unanswered = Open: a decision about a refused row has no answer yet
