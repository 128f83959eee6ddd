"""A fictional force: its people, boards and answers as data files, and the code that plays them."""
