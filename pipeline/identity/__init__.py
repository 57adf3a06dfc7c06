"""Who is one person: the certain keys of domain §3, over profiles now and ever."""
