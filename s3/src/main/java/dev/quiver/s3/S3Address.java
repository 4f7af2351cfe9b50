package dev.quiver.s3;

import dev.quiver.io.store.StoreFailure;

/// The parts of `s3://bucket/key`, of which the key may be empty where a bucket is listed.
record S3Address(String scheme, String bucket, String key) {
    private static final String BETWEEN = "://";

    /// @throws StoreFailure (REFUSED) when no bucket is named
    static S3Address of(String url) throws StoreFailure {
        int host = url.indexOf(BETWEEN) + BETWEEN.length();
        int slash = url.indexOf('/', host);
        int end = slash < 0 ? url.length() : slash;
        String bucket = url.substring(host, end);
        if (bucket.isEmpty())
            throw new StoreFailure(
                    StoreFailure.Kind.REFUSED,
                    "'%s' names no bucket".formatted(url),
                    "write s3://BUCKET/KEY",
                    null);
        String key = slash < 0 ? "" : url.substring(slash + 1);
        return new S3Address(url.substring(0, host - BETWEEN.length()), bucket, key);
    }

    /// The same for a file, which has a key.
    static S3Address ofFile(String url) throws StoreFailure {
        S3Address address = of(url);
        if (!address.key.isEmpty()) return address;
        throw new StoreFailure(
                StoreFailure.Kind.REFUSED,
                "'%s' is a bucket, not a file".formatted(url),
                "name a file in it, or its files: %s/*".formatted(url.replaceFirst("/+$", "")),
                null);
    }

    /// The address of another key of the bucket.
    String url(String other) {
        return scheme + BETWEEN + bucket + "/" + other;
    }
}
