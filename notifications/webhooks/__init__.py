"""What happens in public, told to other people's programs: which webhook hears what, how it is signed, sent and tried again."""
