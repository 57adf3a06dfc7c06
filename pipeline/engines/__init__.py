"""How other tools reach the engine that runs the SQL; nothing here knows a rule of the domain."""
