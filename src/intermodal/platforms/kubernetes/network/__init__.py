"""Who is reached, under which names and ports: Services, routes from outside, policies, host names."""
