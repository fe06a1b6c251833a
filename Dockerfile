# A static binary in an otherwise empty image. Built with the version stamped in:
#
#   docker build --build-arg VERSION=$(git describe --tags --always) -t octavo .

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
ARG COMMIT=unknown
RUN make build STATIC=yes VERSION="$VERSION" COMMIT="$COMMIT" && \
    mkdir -p /writable/data /writable/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /src/bin/octavo /octavo
COPY --from=build --chown=65532:65532 /writable/ /
ENV DATA_DIR=/data HTTP_ADDR=0.0.0.0:8080
USER 65532:65532
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/octavo"]
