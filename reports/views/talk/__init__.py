"""A conversation's pages: what everyone, a comment's author and moderators do with one comment."""
