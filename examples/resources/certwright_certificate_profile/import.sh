# There is nothing to import: a profile exists in the state alone, and the same arguments give the same handle. Write the resource
# and apply it.
