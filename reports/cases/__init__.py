"""An officially filed report or idea as a case of the municipality's document system: what goes out, what number comes back."""
