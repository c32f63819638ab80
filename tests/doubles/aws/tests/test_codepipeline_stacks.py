# Copyright: containerci.aws contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS::CodePipeline::* in stacks."""

from __future__ import annotations

TEMPLATE = """
Parameters:
  Reason: {Type: String, Default: not yet}
  Data: {Type: String, Default: Look}
  Name: {Type: String, Default: demo}
  Closed: {Type: String, Default: 'true'}
  Restart: {Type: String, Default: 'false'}
  Team: {Type: String, Default: ci}
Conditions:
  Closed: !Equals [!Ref Closed, 'true']
Resources:
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    Properties:
      Name: !Ref Name
      RoleArn: arn:aws:iam::123456789012:role/pipeline
      PipelineType: V2
      ExecutionMode: QUEUED
      RestartExecutionOnUpdate: !Ref Restart
      ArtifactStores:
        - Region: us-east-1
          ArtifactStore: {Type: S3, Location: artifacts}
      Variables: [{Name: Where, DefaultValue: staging}]
      Stages:
        - Name: Source
          Actions:
            - Name: Source
              ActionTypeId: {Category: Source, Owner: AWS, Provider: S3, Version: '1'}
              Configuration: {S3Bucket: sources, S3ObjectKey: app.zip, PollForSourceChanges: false}
              OutputArtifacts: [{Name: app}]
              Namespace: Src
        - Name: Release
          BeforeEntry:
            Conditions:
              - Result: FAIL
                Rules:
                  - Name: Check
                    RuleTypeId: {Category: Rule, Owner: AWS, Provider: VariableCheck, Version: '1'}
                    Configuration: {Variable: a, Operator: EQ, Value: a}
          Actions:
            - Name: Approve
              RunOrder: 2
              ActionTypeId: {Category: Approval, Owner: AWS, Provider: Manual, Version: '1'}
              Configuration: {CustomData: !Ref Data}
      DisableInboundStageTransitions: !If
        - Closed
        - [{StageName: Release, Reason: !Ref Reason}]
        - []
      Tags: [{Key: team, Value: !Ref Team}]
Outputs:
  Name: {Value: !Ref Pipeline}
  Version: {Value: !GetAtt Pipeline.Version}
"""


def apply(aws, method="update_stack", body=TEMPLATE, **parameters):
    """Make or change the stack; returns its status and outputs."""
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()]
    getattr(aws.client("cloudformation"), method)(StackName="demo", TemplateBody=body, Parameters=given)
    stack = aws.wait_for_stack("demo")
    return stack["StackStatus"], {item["OutputKey"]: item["OutputValue"] for item in stack.get("Outputs", [])}


def reasons(aws):
    events = aws.client("cloudformation").describe_stack_events(StackName="demo")["StackEvents"]
    return [event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"].endswith("_FAILED")]


def test_a_pipeline_from_a_template(aws, pipelines):
    assert apply(aws, "create_stack") == ("CREATE_COMPLETE", {"Name": "demo", "Version": "1"})
    found = pipelines.client.get_pipeline(name="demo")
    shown = found["pipeline"]
    assert (shown["pipelineType"], shown["executionMode"]) == ("V2", "QUEUED")
    assert shown["artifactStores"] == {"us-east-1": {"type": "S3", "location": "artifacts"}}
    source = shown["stages"][0]["actions"][0]
    assert source["configuration"]["PollForSourceChanges"] == "false"
    assert (source["namespace"], shown["stages"][1]["actions"][0]["runOrder"]) == ("Src", 2)
    assert shown["stages"][1]["beforeEntry"]["conditions"][0]["rules"][0]["configuration"]["Variable"] == "a"
    assert pipelines.stage("Release")["inboundTransitionState"]["disabledReason"] == "not yet"
    tags = pipelines.client.list_tags_for_resource(resourceArn=found["metadata"]["pipelineArn"])["tags"]
    assert {"key": "team", "value": "ci"} in tags
    assert pipelines.executions()[0]["trigger"]["triggerType"] == "CreatePipeline"


def test_a_change_makes_a_version_in_place(aws, pipelines):
    apply(aws, "create_stack")
    assert apply(aws, Data="Look again") == ("UPDATE_COMPLETE", {"Name": "demo", "Version": "2"})
    action = pipelines.client.get_pipeline(name="demo")["pipeline"]["stages"][1]["actions"][0]
    assert action["configuration"] == {"CustomData": "Look again"}
    assert len(pipelines.executions()) == 1


def test_a_transition_and_tags_change_without_a_version(aws, pipelines):
    apply(aws, "create_stack")
    assert apply(aws, Reason="later", Team="cd")[1]["Version"] == "1"
    assert pipelines.stage("Release")["inboundTransitionState"]["disabledReason"] == "later"
    apply(aws, Closed="false", Team="cd")
    assert pipelines.stage("Release")["inboundTransitionState"]["enabled"]
    arn = pipelines.client.get_pipeline(name="demo")["metadata"]["pipelineArn"]
    assert {"key": "team", "value": "cd"} in pipelines.client.list_tags_for_resource(resourceArn=arn)["tags"]


def test_an_update_restarts_the_pipeline_when_it_is_told_to(aws, pipelines):
    apply(aws, "create_stack")
    apply(aws, Restart="true", Data="x")
    assert [item["trigger"]["triggerType"] for item in pipelines.executions()] == [
        "StartPipelineExecution",
        "CreatePipeline",
    ]


def test_another_name_is_another_pipeline(aws, pipelines):
    apply(aws, "create_stack")
    assert apply(aws, Name="other") == ("UPDATE_COMPLETE", {"Name": "other", "Version": "1"})
    assert [item["name"] for item in pipelines.client.list_pipelines()["pipelines"]] == ["other"]


def test_what_the_service_refuses_fails_the_stack_and_changes_nothing(aws, pipelines):
    apply(aws, "create_stack")
    broken = TEMPLATE.replace("Provider: Manual", "Provider: Automatic")
    assert apply(aws, body=broken)[0] == "UPDATE_ROLLBACK_COMPLETE"
    assert "HandlerErrorCode: InvalidActionDeclarationException" in reasons(aws)[0]
    assert "Provider: 'Automatic'" in reasons(aws)[0]
    assert pipelines.client.get_pipeline(name="demo")["pipeline"]["version"] == 1


def delete(aws):
    aws.client("cloudformation").delete_stack(StackName="demo")
    waiter = aws.client("cloudformation").get_waiter("stack_delete_complete")
    waiter.wait(StackName="demo", WaiterConfig={"Delay": 1, "MaxAttempts": 10})


def test_a_pipeline_goes_with_its_stack(aws, pipelines):
    apply(aws, "create_stack")
    delete(aws)
    assert pipelines.client.list_pipelines()["pipelines"] == []


OTHERS = """
Parameters:
  Filter: {Type: String, Default: refs/heads/main}
  Team: {Type: String, Default: ci}
Resources:
  Jenkins:
    Type: AWS::CodePipeline::CustomActionType
    Properties:
      Category: Test
      Provider: Jenkins
      Version: '1'
      ConfigurationProperties: [{Name: Job, Key: true, Required: true, Secret: false, Queryable: true}]
      InputArtifactDetails: {MinimumCount: 0, MaximumCount: 1}
      OutputArtifactDetails: {MinimumCount: 0, MaximumCount: 1}
      Settings: {EntityUrlTemplate: 'https://example.com/{Config:Job}'}
      Tags: [{Key: team, Value: !Ref Team}]
  Pipeline:
    Type: AWS::CodePipeline::Pipeline
    DependsOn: Jenkins
    Properties:
      Name: demo
      RoleArn: arn:aws:iam::123456789012:role/pipeline
      ArtifactStore: {Type: S3, Location: artifacts}
      Stages:
        - Name: Source
          Actions:
            - Name: Code
              ActionTypeId: {Category: Source, Owner: ThirdParty, Provider: GitHub, Version: '1'}
              Configuration: {Owner: me, Repo: app, Branch: main, OAuthToken: secret, PollForSourceChanges: false}
              OutputArtifacts: [{Name: app}]
        - Name: Test
          Actions:
            - Name: Run
              ActionTypeId: {Category: Test, Owner: Custom, Provider: Jenkins, Version: '1'}
              Configuration: {Job: app}
              InputArtifacts: [{Name: app}]
  Hook:
    Type: AWS::CodePipeline::Webhook
    Properties:
      TargetPipeline: !Ref Pipeline
      TargetAction: Code
      TargetPipelineVersion: 1
      Authentication: GITHUB_HMAC
      AuthenticationConfiguration: {SecretToken: very-secret}
      RegisterWithThirdParty: true
      Filters: [{JsonPath: $.ref, MatchEquals: !Ref Filter}]
Outputs:
  Url: {Value: !GetAtt Hook.Url}
  Hook: {Value: !Ref Hook}
  Type: {Value: !Ref Jenkins}
"""


def test_custom_types_and_webhooks(aws, pipelines):
    status, outputs = apply(aws, "create_stack", OTHERS)
    assert status == "CREATE_COMPLETE"
    webhook = pipelines.client.list_webhooks()["webhooks"][0]
    assert (outputs["Url"], outputs["Hook"]) == (webhook["url"], webhook["definition"]["name"])
    assert outputs["Type"] == "Test|Jenkins|1"
    found = pipelines.client.list_action_types(actionOwnerFilter="Custom")["actionTypes"][0]
    assert found["settings"] == {"entityUrlTemplate": "https://example.com/{Config:Job}"}
    status, after = apply(aws, body=OTHERS, Filter="refs/heads/next", Team="cd")
    assert (status, after) == ("UPDATE_COMPLETE", outputs)
    assert pipelines.client.list_webhooks()["webhooks"][0]["definition"]["filters"][0]["matchEquals"] == (
        "refs/heads/next"
    )
    arn = "arn:aws:codepipeline:us-east-1:123456789012:actiontype:Custom/Test/Jenkins/1"
    assert {"key": "team", "value": "cd"} in pipelines.client.list_tags_for_resource(resourceArn=arn)["tags"]
    delete(aws)
    assert pipelines.client.list_webhooks()["webhooks"] == []
    assert pipelines.client.list_action_types(actionOwnerFilter="Custom")["actionTypes"] == []
