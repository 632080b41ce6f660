"""What planners ask of the reports: each analysis takes a question and answers a Result, without knowing any page."""
