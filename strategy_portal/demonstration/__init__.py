"""The demonstration: a cycle of plans and operations made by the steps that people take, at the days they would take them."""
