"""Other servers on the same data, each from its own locked environment under var/bench/peers."""
