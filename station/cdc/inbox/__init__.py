"""The duty officers' page: what came, who has seen it, and who must be told next."""
