import eu.europa.esig.dss.diagnostic.CertificateRefWrapper;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.EvidenceRecordWrapper;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.diagnostic.jaxb.XmlDigestMatcher;
import eu.europa.esig.dss.enumerations.DigestAlgorithm;
import eu.europa.esig.dss.enumerations.JWSSerializationType;
import eu.europa.esig.dss.enumerations.SigDMechanism;
import eu.europa.esig.dss.enumerations.SignatureAlgorithm;
import eu.europa.esig.dss.enumerations.SignatureLevel;
import eu.europa.esig.dss.enumerations.SignaturePackaging;
import eu.europa.esig.dss.evidencerecord.asn1.validation.ASN1EvidenceRecordValidator;
import eu.europa.esig.dss.jades.JAdESSignatureParameters;
import eu.europa.esig.dss.jades.signature.JAdESCounterSignatureParameters;
import eu.europa.esig.dss.jades.signature.JAdESService;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.DSSDocument;
import eu.europa.esig.dss.model.InMemoryDocument;
import eu.europa.esig.dss.model.TimestampBinary;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.policy.ValidationPolicyFacade;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSSecurityProvider;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CertificateVerifier;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.ExternalResourcesCRLSource;
import eu.europa.esig.dss.spi.x509.tsp.TSPSource;
import eu.europa.esig.dss.token.AbstractSignatureTokenConnection;
import eu.europa.esig.dss.token.DSSPrivateKeyEntry;
import eu.europa.esig.dss.token.KSPrivateKeyEntry;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.reports.Reports;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jose4j.json.JsonUtil;
import org.jose4j.lang.JoseException;

/**
 * Asks DSS: one JSON object on each line of the standard input, one on each line of the standard output. Octets are
 * standard base64, times are seconds since 1970.
 *
 * <pre>
 * {"ask":"trust","certificates":[..],"crls":[..]}             {"done":true}; replaces what was trusted and known
 * {"ask":"validate","document":..,"detached":[{"name","octets"}],"at":..,"policy":"default" or "with-EdDSA"}
 *                                                            {"signatures":[{..}]} or {"refused":reason}
 * {"ask":"record","record":..,"documents":[..],"at":..}       {"poe":..,"references":[..],"timestamps":[..]} with a verdict
 * {"ask":"sign","payload":..,"key":PKCS#8,"certificates":[..],"algorithm":"ECDSA_SHA256","level":"JAdES_BASELINE_T",
 *  "serialization":"COMPACT_SERIALIZATION","at":..}           {"document":..} or {"refused":reason}
 *   with "mechanism":"OBJECT_ID_BY_URI_HASH","detached":[..] instead of a payload, with "b64":false
 *   with "countersign":true, over the first signature of the payload
 * {"ask":"extend","document":..,"level":"JAdES_BASELINE_LTA","serialization":..}
 *                                                            {"document":..} or {"refused":reason}
 * </pre>
 * While it signs or extends it may ask back for a time-stamp: {"stamp":"SHA256","digest":..}, which is answered {"token":..}.
 */
public final class Dss {
    private static final byte[] WITH_EDDSA = withEdDsa();

    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private CertificateVerifier verifier = new CommonCertificateVerifier();

    public static void main(String[] arguments) throws IOException, JoseException {
        new Dss().serve();
    }

    private void serve() throws IOException, JoseException {
        for (Map<String, Object> question = read(); question != null; question = read()) {
            write(answer(question));
        }
    }

    private Map<String, Object> answer(Map<String, Object> question) {
        try {
            return switch (text(question, "ask")) {
                case "trust" -> trust(question);
                case "validate" -> validate(question);
                case "record" -> record(question);
                case "sign" -> sign(question);
                case "extend" -> extend(question);
                default -> throw new IllegalArgumentException("asked for " + question.get("ask"));
            };
        } catch (GeneralSecurityException | RuntimeException refusal) {
            return Map.of("refused", refusal.getClass().getSimpleName() + ": " + refusal.getMessage());
        }
    }

    private Map<String, Object> trust(Map<String, Object> question) {
        CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
        certificates(question).forEach(trusted::addCertificate);
        InputStream[] crls = octetStrings(question, "crls").stream().map(ByteArrayInputStream::new).toArray(InputStream[]::new);
        CommonCertificateVerifier fresh = new CommonCertificateVerifier();
        fresh.setTrustedCertSources(trusted);
        fresh.setCrlSource(new ExternalResourcesCRLSource(crls));
        fresh.setAIASource(null);
        // Otherwise a CRL counts only if its issuer's certificate says where to find revocation data, which ours do not.
        fresh.setRevocationFallback(true);
        verifier = fresh;
        return Map.of("done", true);
    }

    private Map<String, Object> validate(Map<String, Object> question) {
        SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new InMemoryDocument(octets(question, "document")));
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(time(question));
        validator.setDetachedContents(detached(question));
        Reports reports = switch (text(question, "policy")) {
            case "default" -> validator.validateDocument();
            case "with-EdDSA" -> validator.validateDocument(new ByteArrayInputStream(WITH_EDDSA));
            default -> throw new IllegalArgumentException("policy " + question.get("policy"));
        };
        List<Object> signatures = new ArrayList<>();
        for (SignatureWrapper signature : reports.getDiagnosticData().getSignatures()) {
            signatures.add(describe(signature, reports.getSimpleReport(), reports.getDiagnosticData()));
        }
        return Map.of("signatures", signatures);
    }

    /**
     * The policy that DSS brings, with EdDSA: the lines for it are there, as comments, for the catalogue of algorithms that
     * the policy follows does not have it.
     */
    private static byte[] withEdDsa() {
        try (InputStream brought = ValidationPolicyFacade.class.getResourceAsStream("/policy/constraint.xml")) {
            String policy = new String(brought.readAllBytes(), StandardCharsets.UTF_8);
            String listed = policy.replaceAll("<!--\\s*(<Algo[^>]*>EdDSA</Algo>)[^>]*-->", "$1");
            return listed.getBytes(StandardCharsets.UTF_8);
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private static Map<String, Object> describe(SignatureWrapper signature, SimpleReport report, DiagnosticData data) {
        Map<String, Object> said = verdict(report, signature.getId());
        said.put("level", String.valueOf(signature.getSignatureFormat()));
        said.put("intact", signature.isSignatureIntact() && signature.isSignatureValid());
        said.put("algorithm", String.valueOf(signature.getSignatureAlgorithm()));
        said.put("serialization", String.valueOf(signature.getJWSSerializationType()));
        said.put("claimed", seconds(signature.getClaimedSigningTime()));
        said.put("bestSignatureTime", seconds(report.getBestSignatureTime(signature.getId())));
        said.put("certificateIdentified", signature.isSigningCertificateIdentified());
        said.put("certificateReferenceUnique", signature.isSigningCertificateReferenceUnique());
        CertificateRefWrapper reference = signature.getSigningCertificateReference();
        said.put("certificateDigestMatches", reference != null && reference.isDigestValuePresent() && reference.isDigestValueMatch());
        said.put("trustedChain", signature.isTrustedChain());
        said.put("countersignature", signature.isCounterSignature());
        said.put("references", references(signature.getDigestMatchers()));
        said.put("structure", new ArrayList<>(signature.getStructuralValidationMessages()));
        List<Object> timestamps = new ArrayList<>();
        for (TimestampWrapper timestamp : signature.getTimestampList()) {
            Map<String, Object> stamped = verdict(report, timestamp.getId());
            stamped.put("type", String.valueOf(timestamp.getType()));
            stamped.put("intact", timestamp.isSignatureIntact());
            stamped.put("imprintIntact", timestamp.isMessageImprintDataFound() && timestamp.isMessageImprintDataIntact());
            stamped.put("time", seconds(timestamp.getProductionTime()));
            timestamps.add(stamped);
        }
        said.put("timestamps", timestamps);
        return said;
    }

    private Map<String, Object> record(Map<String, Object> question) {
        ASN1EvidenceRecordValidator validator = new ASN1EvidenceRecordValidator(new InMemoryDocument(octets(question, "record")));
        List<DSSDocument> documents = new ArrayList<>();
        for (byte[] document : octetStrings(question, "documents")) {
            documents.add(new InMemoryDocument(document, "document " + (documents.size() + 1)));
        }
        validator.setDetachedContents(documents);
        validator.setCertificateVerifier(verifier);
        validator.setValidationTime(time(question));
        Reports reports = validator.validateDocument();
        EvidenceRecordWrapper record = reports.getDiagnosticData().getEvidenceRecords().get(0);
        Map<String, Object> said = verdict(reports.getSimpleReport(), record.getId());
        said.put("poe", seconds(reports.getSimpleReport().getEvidenceRecordPOE(record.getId())));
        said.put("references", references(record.getDigestMatchers()));
        List<Object> timestamps = new ArrayList<>();
        for (TimestampWrapper timestamp : record.getTimestampList()) {
            Map<String, Object> stamped = verdict(reports.getSimpleReport(), timestamp.getId());
            stamped.put("time", seconds(timestamp.getProductionTime()));
            stamped.put("imprintIntact", timestamp.isMessageImprintDataFound() && timestamp.isMessageImprintDataIntact());
            stamped.put("references", references(timestamp.getDigestMatchers()));
            timestamps.add(stamped);
        }
        said.put("timestamps", timestamps);
        return said;
    }

    /** The kind of what a hash stands for, and whether it is that of what it stands for. */
    private static List<String> references(List<XmlDigestMatcher> matchers) {
        return matchers.stream().map(one -> one.getType() + (one.isDataFound() && one.isDataIntact() ? " intact" : " not intact")).toList();
    }

    private static Map<String, Object> verdict(SimpleReport report, String id) {
        Map<String, Object> said = new LinkedHashMap<>();
        said.put("indication", String.valueOf(report.getIndication(id)));
        said.put("subIndication", report.getSubIndication(id) == null ? null : report.getSubIndication(id).toString());
        said.put("errors", messages(report.getAdESValidationErrors(id)));
        said.put("warnings", messages(report.getAdESValidationWarnings(id)));
        return said;
    }

    private static List<String> messages(List<Message> messages) {
        return messages.stream().map(message -> message.getKey() + ": " + message.getValue()).toList();
    }

    private Map<String, Object> sign(Map<String, Object> question) throws GeneralSecurityException {
        List<CertificateToken> chain = certificates(question);
        DSSPrivateKeyEntry key = entry(octets(question, "key"), chain);
        KeyInMemory holder = new KeyInMemory(key);
        JAdESService service = service();
        SignatureAlgorithm algorithm = SignatureAlgorithm.valueOf(text(question, "algorithm"));
        DSSDocument document;
        if (Boolean.TRUE.equals(question.get("countersign"))) {
            InMemoryDocument signed = new InMemoryDocument(octets(question, "payload"));
            JAdESCounterSignatureParameters parameters = new JAdESCounterSignatureParameters();
            fill(parameters, question, chain);
            parameters.setSignatureIdToCounterSign(SignedDocumentValidator.fromDocument(signed).getSignatures().get(0).getId());
            var value = holder.sign(service.getDataToBeCounterSigned(signed, parameters), algorithm, key);
            document = service.counterSignSignature(signed, parameters, value);
        } else {
            JAdESSignatureParameters parameters = new JAdESSignatureParameters();
            fill(parameters, question, chain);
            List<DSSDocument> documents = detached(question);
            if (documents.isEmpty()) {
                documents = List.of(new InMemoryDocument(octets(question, "payload")));
            }
            var value = holder.sign(service.getDataToSign(documents, parameters), algorithm, key);
            document = service.signDocument(documents, parameters, value);
        }
        return made(document);
    }

    private Map<String, Object> extend(Map<String, Object> question) {
        JAdESSignatureParameters parameters = new JAdESSignatureParameters();
        parameters.setSignatureLevel(SignatureLevel.valueOf(text(question, "level")));
        parameters.setJwsSerializationType(JWSSerializationType.valueOf(text(question, "serialization")));
        return made(service().extendDocument(new InMemoryDocument(octets(question, "document")), parameters));
    }

    private JAdESService service() {
        JAdESService service = new JAdESService(verifier);
        service.setTspSource(new ParentsTspSource());
        return service;
    }

    private static Map<String, Object> made(DSSDocument document) {
        return Map.of("document", Base64.getEncoder().encodeToString(DSSUtils.toByteArray(document)));
    }

    private static void fill(JAdESSignatureParameters parameters, Map<String, Object> question, List<CertificateToken> chain) {
        SignatureAlgorithm algorithm = SignatureAlgorithm.valueOf(text(question, "algorithm"));
        parameters.setSignatureLevel(SignatureLevel.valueOf(text(question, "level")));
        parameters.setSignaturePackaging(SignaturePackaging.ENVELOPING);
        if (question.get("mechanism") != null) {
            parameters.setSignaturePackaging(SignaturePackaging.DETACHED);
            parameters.setSigDMechanism(SigDMechanism.valueOf(text(question, "mechanism")));
        }
        parameters.setBase64UrlEncodedPayload(!Boolean.FALSE.equals(question.get("b64")));
        parameters.setJwsSerializationType(JWSSerializationType.valueOf(text(question, "serialization")));
        parameters.setSigningCertificate(chain.get(0));
        parameters.setCertificateChain(chain);
        parameters.setDigestAlgorithm(algorithm.getDigestAlgorithm());
        parameters.setEncryptionAlgorithm(algorithm.getEncryptionAlgorithm());
        parameters.bLevel().setSigningDate(time(question));
    }

    private static List<DSSDocument> detached(Map<String, Object> question) {
        List<DSSDocument> documents = new ArrayList<>();
        if (question.get("detached") instanceof List<?> given) {
            for (Object one : given) {
                Map<?, ?> document = (Map<?, ?>) one;
                byte[] octets = Base64.getDecoder().decode((String) document.get("octets"));
                documents.add(new InMemoryDocument(octets, (String) document.get("name")));
            }
        }
        return documents;
    }

    private static DSSPrivateKeyEntry entry(byte[] pkcs8, List<CertificateToken> chain) throws GeneralSecurityException {
        X509Certificate[] certificates = chain.stream().map(CertificateToken::getCertificate).toArray(X509Certificate[]::new);
        String kind = certificates[0].getPublicKey().getAlgorithm();
        KeyFactory factory = KeyFactory.getInstance(kind, DSSSecurityProvider.getSecurityProvider());
        PrivateKey key = factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        return new KSPrivateKeyEntry("signer", new KeyStore.PrivateKeyEntry(key, certificates));
    }

    /** A key in memory as a signature token of DSS. */
    private static final class KeyInMemory extends AbstractSignatureTokenConnection {
        private final transient DSSPrivateKeyEntry key;

        KeyInMemory(DSSPrivateKeyEntry key) {
            this.key = key;
        }

        @Override
        public List<DSSPrivateKeyEntry> getKeys() {
            return List.of(key);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /** Time-stamps from whoever started this program. */
    private final class ParentsTspSource implements TSPSource {
        @Override
        public TimestampBinary getTimeStampResponse(DigestAlgorithm algorithm, byte[] digest) {
            try {
                write(Map.of("stamp", algorithm.name(), "digest", Base64.getEncoder().encodeToString(digest)));
                return new TimestampBinary(octets(read(), "token"));
            } catch (IOException | JoseException error) {
                throw new IllegalStateException(error);
            }
        }
    }

    private Map<String, Object> read() throws IOException, JoseException {
        String line = in.readLine();
        return line == null ? null : JsonUtil.parseJson(line);
    }

    private void write(Map<String, Object> answer) {
        out.println(JsonUtil.toJson(answer));
    }

    private static String text(Map<String, Object> question, String name) {
        return (String) question.get(name);
    }

    private static byte[] octets(Map<String, Object> question, String name) {
        return Base64.getDecoder().decode(text(question, name));
    }

    private static List<byte[]> octetStrings(Map<String, Object> question, String name) {
        return ((List<?>) question.get(name)).stream().map(item -> Base64.getDecoder().decode((String) item)).toList();
    }

    private static List<CertificateToken> certificates(Map<String, Object> question) {
        return octetStrings(question, "certificates").stream().map(DSSUtils::loadCertificate).toList();
    }

    private static Date time(Map<String, Object> question) {
        return new Date(((Number) question.get("at")).longValue() * 1000);
    }

    private static Long seconds(Date date) {
        return date == null ? null : date.getTime() / 1000;
    }
}
