"""`depends_on` as init containers that really wait, and the rights they need."""
