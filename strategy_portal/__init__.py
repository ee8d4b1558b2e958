"""The portal: its clock, workflow, fields and panels, and the root that composes all apps."""
