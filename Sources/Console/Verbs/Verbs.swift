/// The list of the verbs, in the order in which help shows them.
enum Verbs {
  static let all: [any Verb] =
    [
      GetVerb(), DescribeVerb(), EventsVerb(), ExplainVerb(), LogsVerb(), DiffVerb(),
      ApplyVerb(), CreateVerb(), ReplaceVerb(), EditVerb(), DeleteVerb(), RunVerb(), ExposeVerb(),
      ScaleVerb(), AutoscaleVerb(), TopVerb(), SetVerb(), RolloutVerb(), PatchVerb(), LabelVerb(),
      AnnotateVerb(), WaitVerb(), CordonVerb(), UncordonVerb(), DrainVerb(), TaintVerb(),
      APIResourcesVerb(), APIVersionsVerb(), ClusterInfoVerb(), ConfigVerb(), AuthVerb(),
      VersionVerb(), HelpVerb(),
      AdvanceVerb(), StepVerb(), GotoVerb(), PauseVerb(), ResumeVerb(), SpeedVerb(),
      RewindVerb(), BackVerb(), TakeBackVerb.undo, TakeBackVerb.redo, BranchVerb(), CompareVerb(),
      ExecVerb(), SSHVerb(),
      TrafficVerb(), FaultVerb(), HealVerb(), PolicyVerb(), IngressVerb(), TraceVerb(), WhyVerb(),
      DigestVerb(),
      SeedVerb(),
      FrameVerb(), RecordVerb(), ThemeVerb(),
    ] + UnavailableVerb.all
}
