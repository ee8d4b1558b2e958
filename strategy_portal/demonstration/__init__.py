"""The demonstration: a cycle of plans and operations made by the steps that people take, on their days."""
