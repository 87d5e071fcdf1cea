"""A stand-in for the part of AWS Glue's Python library that tests of connectors
use, on plain Spark. It is not Glue: it has what is documented, not what is."""
