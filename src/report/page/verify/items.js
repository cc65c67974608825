// Whether every record has the items that the law asks for.
//
// Which items those are is laid down in the program and not in the format: a
// page that was not given the tables says that it did not look.

function checkItems(audit) {
  audit.notChecked("items", "no-tables");
}
