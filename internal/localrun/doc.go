// Package localrun runs trials on this machine: on a Spark that is found, with a
// thin stand-in for AWS Glue's Python library, or in AWS's image of a Glue
// version. It says which it was; plain Spark is never called Glue.
//
// What it starts runs the connector's code: it gets an environment of its own
// with nothing in it but what Spark needs and the plan's secret, a folder that
// is deleted, and a process group that is ended as one.
package localrun
