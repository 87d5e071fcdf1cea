# The action's container. The first stage compiles a static binary; the second
# holds nothing but it and the certificate authorities.
ARG BUILDER=golang:1.26-bookworm
FROM ${BUILDER} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY cmd cmd
COPY internal internal
# The flags are those of internal/release: the bytes are a release's.
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags='-s -w -buildid= -X glue-connector/internal/action.version=' -o /glue-connector ./cmd/glue-connector

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /glue-connector /glue-connector
# No USER: the runner's files and the workspace belong to root in the container.
ENTRYPOINT ["/glue-connector"]
