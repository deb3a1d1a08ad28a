# Why a file could not be read as a list at all, and what to do (-hint).
# $name is the file's name, $detail what is known beyond the code (a sheet, a limit), often empty.

fault-file-empty = { $name } is empty
fault-file-empty-hint = Nothing is in it. Save the list again and open the new file.

fault-file-no-rows = { $name } has a header and no rows
fault-file-no-rows-hint = Look whether the people are on another sheet or in another file.

fault-file-not-a-table = { $name } is not a list
fault-file-not-a-table-hint = Muster reads CSV files and Excel workbooks. Save the list as one of them.

fault-file-wrong-extension = { $name } is not what its name says
fault-file-wrong-extension-hint = Open it in the program that made it and save it as CSV or as an Excel workbook.

fault-file-damaged = { $name } is damaged or cut off
fault-file-damaged-hint = Open it in Excel, save it under another name, and try that one. If it came by e-mail, ask for it again.

fault-file-password = { $name } is protected by a password
fault-file-password-hint = Open it in Excel, remove the password under File, Info, and save it.

fault-file-too-large = { $name } is larger than can be read safely
fault-file-too-large-hint = Copy the people alone into a new workbook, or save the sheet as CSV.

fault-file-too-many-columns = { $name } has too many columns
fault-file-too-many-columns-hint = Keep the columns about people and remove the rest.

fault-file-too-many-rows = { $name } has more rows than one batch can hold
fault-file-too-many-rows-hint = Split the list into several files.

fault-file-no-such-sheet = { $name } has no sheet of that name
fault-file-no-such-sheet-hint = Choose one that it has: { $detail }

# $detail: not-found, not-a-file, denied, or nothing that is known.
fault-file-unreadable = { $detail ->
    [not-found] There is no { $name } at that place
    [not-a-file] { $name } is a folder or something else that is no file
    [denied] You may not read { $name }
   *[other] { $name } could not be opened
}
fault-file-unreadable-hint = { $detail ->
    [not-found] Look whether it was moved, renamed or deleted.
    [not-a-file] Choose the list itself.
    [denied] Ask the person whose file it is, or copy it to a folder of your own.
   *[other] Close it in other programs, then open it again.
}

fault-file-changed = { $name } changed while it was read
fault-file-changed-hint = Wait until it is saved or downloaded, then open it again.
