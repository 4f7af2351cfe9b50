package dev.quiver.s3;

import dev.quiver.io.store.StoreFailure;
import dev.quiver.io.store.StoreFailure.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What to make of an exception of the SDK: whether it may go well later, and if not, what people
/// can do.
///
/// @param store who was asked, for people
record S3Trouble(S3Address address, String store) {
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
    private static final Set<String> BAD_KEYS =
            Set.of(
                    "InvalidAccessKeyId",
                    "SignatureDoesNotMatch",
                    "ExpiredToken",
                    "TokenRefreshRequired",
                    "InvalidToken",
                    "InvalidClientTokenId",
                    "AuthFailure");
    private static final Set<String> LATER =
            Set.of(
                    "RequestTimeout",
                    "SlowDown",
                    "Throttling",
                    "ThrottlingException",
                    "TooManyRequests",
                    "ConditionalRequestConflict",
                    "OperationAborted");

    IOException of(SdkException e) {
        if (e instanceof S3Exception answer) return answer(answer);
        if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
            var interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(e);
            return interrupted;
        }
        // The SDK throws nothing of its own for it.
        if (String.valueOf(e.getMessage()).startsWith("Unable to load credentials"))
            return new StoreFailure(
                    Kind.REFUSED,
                    "there are no credentials for %s".formatted(store),
                    "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE for one of"
                            + " ~/.aws/credentials; for a bucket that anybody may read,"
                            + " s3.anonymous: true",
                    e);
        return new IOException("%s (%s)".formatted(root(e), store), e);
    }

    private static String root(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) root = root.getCause();
        String text = String.valueOf(root.getMessage());
        return root instanceof SdkException ? text : root.getClass().getSimpleName() + ": " + text;
    }

    /// How long the store wants to be left alone.
    private static Duration after(@Nullable AwsErrorDetails details) {
        SdkHttpResponse response = details == null ? null : details.sdkHttpResponse();
        if (response == null) return Duration.ZERO;
        return response.firstMatchingHeader("Retry-After")
                .filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Long.parseLong(text)))
                .orElse(Duration.ZERO);
    }

    private IOException answer(S3Exception e) {
        AwsErrorDetails details = e.awsErrorDetails();
        String code = details == null ? "" : String.valueOf(details.errorCode());
        String said = details == null ? "" : String.valueOf(details.errorMessage());
        String text = "%s, HTTP status %d, %s: %s".formatted(store, e.statusCode(), code, said);
        if (e.statusCode() >= 500 || e.statusCode() == 429 || LATER.contains(code))
            return new StoreFailure(Kind.LATER, text, after(details), e);
        if (code.equals("NoSuchBucket"))
            return new StoreFailure(
                    Kind.REFUSED,
                    "there is no bucket '%s' (%s)".formatted(address.bucket(), store),
                    "check the bucket's name and the endpoint, or make the bucket",
                    e);
        if (code.equals("RequestTimeTooSkewed"))
            return new StoreFailure(
                    Kind.REFUSED, text, "set this machine's clock: it differs from the store's", e);
        if (BAD_KEYS.contains(code))
            return new StoreFailure(
                    Kind.REFUSED,
                    text,
                    "check the credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,"
                            + " AWS_SESSION_TOKEN, or the profile): the store doesn't know them or"
                            + " they ran out",
                    e);
        int status = code.equals("AuthorizationHeaderMalformed") ? 301 : e.statusCode();
        return switch (status) {
            case 404 -> new StoreFailure(Kind.MISSING, text, "check the key: capitals count", e);
            case 401, 403 ->
                    new StoreFailure(
                            Kind.REFUSED,
                            text,
                            "ask for the rights on bucket '%s': s3:GetObject and s3:ListBucket to read, s3:PutObject, s3:DeleteObject and s3:AbortMultipartUpload to write"
                                    .formatted(address.bucket()),
                            e);
            case 301, 307 ->
                    new StoreFailure(
                            Kind.REFUSED,
                            text,
                            "name the bucket's region: s3.region or AWS_REGION",
                            e);
            case 412 -> new StoreFailure(Kind.CHANGED, text, "", e);
            default -> new StoreFailure(Kind.REFUSED, text, "", e);
        };
    }
}
