import ClusterModel

/// The ConfigMap with the cluster's certificate that every namespace has
/// (pkg/controller/certificates/rootcacertpublisher).
enum RootCertificate {
  static let name = "kube-root-ca.crt"

  static func configMap(of namespace: Namespace) -> KeptObject? {
    let own = namespace.metadata
    guard !own.isTerminating else { return nil }
    var metadata = ObjectMeta(name: name, namespace: own.name)
    metadata.annotations = ["kubernetes.io/description": description]
    metadata.uid = UID(randomHigh: own.uid.high ^ 0xCA_0001, randomLow: own.uid.low)
    metadata.creationTimestamp = own.creationTimestamp
    metadata.resourceVersion = own.resourceVersion
    return KeptObject(
      resource: APIResource.of(apiVersion: "v1", kind: "ConfigMap"), metadata: metadata,
      body: ["data": ["ca.crt": .string(certificate)]])
  }

  private static let description =
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal "
    + "endpoints such as the internal service IP or kubernetes.default.svc. No other usage is "
    + "guaranteed across distributions of Kubernetes clusters."

  /// Of an authority that signs nothing: no key belongs to it.
  private static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBcTCCARigAwIBAgIBADAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDAprdWJlcm5l
    dGVzMB4XDTI2MDEwMTAwMDAwMFoXDTM1MTIzMDAwMDAwMFowFTETMBEGA1UEAwwK
    a3ViZXJuZXRlczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPssd4O3/V6lkxzH
    gbwHXyjWwlVGKe6UDqQlrkD6aa45vXM9JVlX2wFOtm/SCOlXIDepHn609ZTgX6Tm
    Vhdhy5yjWTBXMA4GA1UdDwEB/wQEAwICpDAPBgNVHRMBAf8EBTADAQH/MB0GA1Ud
    DgQWBBQXB3WKSbQICgwJE0zL+7fPLYkoSzAVBgNVHREEDjAMggprdWJlcm5ldGVz
    MAoGCCqGSM49BAMCA0cAMEQCIDPtSjbb1VpcWYTiiP1HQfFZKIaA/rDavp8gq50X
    wPzqAiBKSmcMKdl1hm52PYG9dA59ggOsGDjYFyMHtRlHuruRPw==
    -----END CERTIFICATE-----

    """
}
